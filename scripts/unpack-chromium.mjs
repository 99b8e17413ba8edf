// Unpacks the Chromium that the npm package carries into the temporary folder (TMPDIR) and prints its
// path. For machines without a system browser; the tests call it, see tests/journeys/browser.py.
// The package's own font configuration looks in /tmp alone, and without a font no text is laid out.
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import chromium from "@sparticuz/chromium";

const path = await chromium.executablePath();
const folder = tmpdir();
writeFileSync(
  join(folder, "fonts.conf"),
  `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/usr/share/fonts</dir>` +
    `<dir>${join(folder, "fonts")}</dir><cachedir>${join(folder, "fonts-cache")}</cachedir></fontconfig>\n`,
);
console.log(path);
