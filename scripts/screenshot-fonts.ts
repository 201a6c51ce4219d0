import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { inflateSync } from "node:zlib";

const files = {
  Inter: ["@fontsource/inter/files/inter-latin", [400, 500, 600]],
  "JetBrains Mono": ["@fontsource/jetbrains-mono/files/jetbrains-mono-latin", [400, 500]],
} as const;

/**
 * Makes a folder of fonts for a Chromium without any, and answers with the configuration file of fontconfig that
 * offers them (`FONTCONFIG_FILE`). Screenshots then look the same on every machine.
 */
export function screenshotFonts(folder: string): string {
  const { resolve } = createRequire(import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const [path, weights] of Object.values(files)) {
    for (const weight of weights) {
      const woff = readFileSync(resolve(`${path}-${weight}-normal.woff`));
      writeFileSync(join(folder, `${path.replace(/^.*\//, "")}-${weight}.ttf`), toTrueType(woff));
    }
  }
  const prefer = (alias: string, family: string) =>
    `<alias><family>${alias}</family><prefer><family>${family}</family></prefer></alias>`;
  const configuration = join(folder, "fonts.conf");
  writeFileSync(
    configuration,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${folder}</dir><cachedir>${join(folder, "cache")}</cachedir>
${prefer("system-ui", "Inter")}${prefer("sans-serif", "Inter")}
${prefer("ui-monospace", "JetBrains Mono")}${prefer("monospace", "JetBrains Mono")}
</fontconfig>\n`,
  );
  return configuration;
}

/** Chromium takes no WOFF from the system: the tables of one, unpacked (W3C, WOFF File Format 1.0). */
function toTrueType(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12);
  const header = Buffer.alloc(12 + 16 * count);
  woff.copy(header, 0, 4, 8); // the flavour
  header.writeUInt16BE(count, 4);
  const range = 2 ** Math.floor(Math.log2(count)) * 16;
  header.writeUInt16BE(range, 6);
  header.writeUInt16BE(Math.log2(range / 16), 8);
  header.writeUInt16BE(count * 16 - range, 10);
  const tables: Buffer[] = [];
  let offset = header.length;
  for (let i = 0; i < count; i++) {
    const entry = 44 + 20 * i;
    const [start, packed, size] = [4, 8, 12].map((at) => woff.readUInt32BE(entry + at)) as [
      number,
      number,
      number,
    ];
    const bytes = woff.subarray(start, start + packed);
    const table = packed < size ? inflateSync(bytes) : bytes;
    const record = 12 + 16 * i;
    woff.copy(header, record, entry, entry + 4); // the tag
    woff.copy(header, record + 4, entry + 16, entry + 20); // the checksum
    header.writeUInt32BE(offset, record + 8);
    header.writeUInt32BE(size, record + 12);
    const padded = Buffer.concat([table, Buffer.alloc(-size & 3)]);
    tables.push(padded);
    offset += padded.length;
  }
  return Buffer.concat([header, ...tables]);
}
