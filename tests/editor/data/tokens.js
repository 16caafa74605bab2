// What the engine of the editor itself, Oniguruma with vscode-textmate, makes of each line of a text.
const fs = require("fs"), [grammar, text] = process.argv.slice(2);
const { Registry, parseRawGrammar, INITIAL } = require("vscode-textmate"), onig = require("vscode-oniguruma");
(async () => {
  await onig.loadWASM(fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")));
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner: (each) => new onig.OnigScanner(each), createOnigString: (each) => new onig.OnigString(each) }),
    loadGrammar: async () => parseRawGrammar(fs.readFileSync(grammar, "utf8"), grammar),
  });
  const read = await registry.loadGrammar("source.policy");
  let state = INITIAL;
  const lines = fs.readFileSync(text, "utf8").split("\n").map((line) => {
    const found = read.tokenizeLine(line, state);
    state = found.ruleStack;
    return found.tokens.map((token) => [token.startIndex, token.endIndex, token.scopes[1] || ""]);
  });
  process.stdout.write(JSON.stringify(lines));
})();
