// Starts the extension with a stand-in for the two modules that only an editor has. It keeps what the extension
// registers, and its client starts the very program that it was told to start, with which it then speaks the first words
// of the protocol. Prints what it saw.
const Module = require("module"), { spawn } = require("child_process");
const ABLE = { textDocument: { rename: { prepareSupport: true } } };
const [extension, python] = process.argv.slice(2);
const said = { commands: [], errors: [], watched: [] };
const settings = { command: python, arguments: ["-c", "import sys; sys.argv = ['policy', 'lsp']; from policy_dsl.cli import run; run()"] };
const vscode = {
  workspace: {
    getConfiguration: (section) => ({ get: (name, otherwise) => (section === "policy" && settings[name]) || otherwise }),
    createFileSystemWatcher: (pattern) => { said.watched.push(pattern); return {}; },
    onDidChangeConfiguration: () => ({ dispose() {} }),
  },
  window: { showErrorMessage: (message) => said.errors.push(message) },
  commands: { registerCommand: (name) => { said.commands.push(name); return { dispose() {} }; } },
};
class LanguageClient {
  constructor(id, name, server, client) { Object.assign(this, { id, name, server, client }); }
  isRunning() { return this.child !== undefined; }
  async start() {
    Object.assign(said, { id: this.id, server: this.server, selector: this.client.documentSelector });
    this.child = spawn(this.server.command, this.server.args, { stdio: ["pipe", "pipe", "inherit"] });
    this.heard = Buffer.alloc(0); this.waiting = new Map(); this.next = 1;
    this.child.stdout.on("data", (data) => this.hear(data));
    said.answer = await this.ask("initialize", { processId: process.pid, rootUri: null, capabilities: ABLE });
    this.say({ method: "initialized", params: {} });
  }
  async stop() { await this.ask("shutdown", null); this.say({ method: "exit" }); await new Promise((done) => this.child.on("exit", (code) => { said.code = code; done(); })); }
  say(message) { const text = JSON.stringify({ jsonrpc: "2.0", ...message }); this.child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`); }
  ask(method, params) { const id = this.next++; return new Promise((done) => { this.waiting.set(id, done); this.say({ id, method, params }); }); }
  hear(data) {
    this.heard = Buffer.concat([this.heard, data]);
    for (;;) {
      const head = this.heard.indexOf("\r\n\r\n"), length = /Content-Length: (\d+)/.exec(this.heard.subarray(0, Math.max(head, 0)));
      if (head < 0 || !length || this.heard.length < head + 4 + Number(length[1])) return;
      const message = JSON.parse(this.heard.subarray(head + 4, head + 4 + Number(length[1])));
      this.heard = this.heard.subarray(head + 4 + Number(length[1]));
      const done = this.waiting.get(message.id);
      if (done) { this.waiting.delete(message.id); done(message.result); }
    }
  }
}
const load = Module._load;
Module._load = (name, ...rest) =>
  name === "vscode" ? vscode : name === "vscode-languageclient/node" ? { LanguageClient, TransportKind: { stdio: 0 } } : load(name, ...rest);
(async () => {
  const { activate, deactivate } = require(extension);
  await activate({ subscriptions: [] });
  await deactivate();
  process.stdout.write(JSON.stringify(said));
  process.exit(0);
})();
