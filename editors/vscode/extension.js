// Starts the language server of `policy` for .policy files, and starts it again when its settings change.
"use strict";

const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

/** The program that serves, as the settings name it. */
function serverOptions() {
  const settings = vscode.workspace.getConfiguration("policy");
  return {
    command: settings.get("command", "policy"),
    args: settings.get("arguments", ["lsp"]),
    transport: TransportKind.stdio,
  };
}

/** The texts that are served: files, and texts that are not saved yet. */
function clientOptions() {
  return {
    documentSelector: [
      { scheme: "file", language: "policy" },
      { scheme: "untitled", language: "policy" },
    ],
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/*.policy") },
    outputChannelName: "Policy",
  };
}

async function start() {
  const options = serverOptions();
  client = new LanguageClient("policy", "Policy", options, clientOptions());
  try {
    await client.start();
  } catch (error) {
    vscode.window.showErrorMessage(
      `The program \`${options.command} ${options.args.join(" ")}\` could not be started: ${error.message} ` +
        `Install it with \`pip install "policy-dsl[editor]"\`, or name its full path in the setting policy.command.`,
    );
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running !== undefined && running.isRunning()) {
    await running.stop();
  }
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("policy.restart", async () => {
      await stop();
      await start();
    }),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("policy.command") || change.affectsConfiguration("policy.arguments")) {
        await stop();
        await start();
      }
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
