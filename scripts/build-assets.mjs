// Compiles the style sheets into var/assets, where Django's static files look for them.
// Refuses any url(): the fonts and images of GOV.UK Frontend are neither ours to use nor shipped,
// and a reference to a missing file breaks the production manifest.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { compile } from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "var", "assets", "ui");

mkdirSync(target, { recursive: true });
for (const name of ["citizen", "staff", "device"]) {
  const { css } = compile(join(root, "portal", "foundation", "ui", "styles", `${name}.scss`), {
    loadPaths: [join(root, "node_modules")],
    style: "compressed",
    quietDeps: true,
  });
  if (css.includes("url(")) {
    throw new Error(`${name}.css refers to a file; style sheets must stand alone.`);
  }
  const [gzip, brotli] = [gzipSync(css, { level: 9 }), brotliCompressSync(css)];
  writeFileSync(join(target, `${name}.css`), css);
  // The web process sends these as they are, without collectstatic too (the demonstration).
  writeFileSync(join(target, `${name}.css.gz`), gzip);
  writeFileSync(join(target, `${name}.css.br`), brotli);
  console.log(`${name}.css ${css.length} bytes, ${gzip.length} with gzip, ${brotli.length} with brotli`);
}
