/*
 * Bundles every top-level file of assets/js and assets/css into workflow_app/static/dist with
 * hashed names, writes compressed twins that the static file server hands out as they are, and
 * records names and sizes in manifest.json. Run: node assets/build.mjs
 */
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

import { build } from "esbuild";
import { compileAsync } from "sass";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const staticFolder = join(root, "workflow_app/static");
const target = join(staticFolder, "dist");
// Beside the packages: same disk, never served, never committed; two builds at once have their own.
const draft = join(root, `node_modules/.workflow-app-dist-${process.pid}`);

const typefaces = [
  ["noto-sans", "400Regular/NotoSans_400Regular.ttf"],
  ["noto-sans", "400Regular_Italic/NotoSans_400Regular_Italic.ttf"],
  ["noto-sans", "700Bold/NotoSans_700Bold.ttf"],
  ["noto-sans-armenian", "400Regular/NotoSansArmenian_400Regular.ttf"],
  ["noto-sans-armenian", "700Bold/NotoSansArmenian_700Bold.ttf"],
  ["noto-sans-georgian", "400Regular/NotoSansGeorgian_400Regular.ttf"],
  ["noto-sans-georgian", "700Bold/NotoSansGeorgian_700Bold.ttf"],
];

const scss = {
  name: "scss",
  setup(bundler) {
    bundler.onLoad({ filter: /\.scss$/ }, async ({ path }) => {
      const { css, loadedUrls } = await compileAsync(path, {
        loadPaths: [root],
        quietDeps: true,
        silenceDeprecations: ["import", "if-function"],
      });
      return {
        contents: css,
        loader: "css",
        // Addresses in the style sheets are written from the project's root.
        resolveDir: root,
        watchFiles: loadedUrls.map((url) => fileURLToPath(url)),
      };
    });
  },
};

// The form editor asks for an older preact than everything else and draws with parts of the form
// viewer, which is only possible where both have the same one.
const onePreact = {
  name: "one-preact",
  setup(bundler) {
    bundler.onResolve({ filter: /^preact(\/|$)/ }, ({ path, importer, kind, pluginData }) => {
      if (pluginData === "settled" || !importer.includes("form-js-viewer")) return undefined;
      const resolveDir = join(root, "node_modules/@bpmn-io/form-js-editor");
      return bundler.resolve(path, { kind, pluginData: "settled", resolveDir });
    });
  },
};

async function entries(folder, ending) {
  const names = await readdir(join(root, "assets", folder));
  return names
    .filter((name) => name.endsWith(ending) && !name.startsWith("_"))
    .map((name) => join(root, "assets", folder, name));
}

async function bundle() {
  const entryPoints = [...(await entries("js", ".js")), ...(await entries("css", ".scss"))];
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: draft,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "fonts/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2020", "chrome100", "firefox100", "safari15"],
    loader: { ".woff2": "file", ".svg": "dataurl" },
    external: ["/assets/*"],
    minify: true,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
    plugins: [scss, onePreact],
  });
  return metafile.outputs;
}

async function copyTypefaces() {
  const folder = join(draft, "fonts/ttf");
  await mkdir(folder, { recursive: true });
  await Promise.all(
    typefaces.map(([family, file]) =>
      copyFile(
        join(root, "node_modules/@expo-google-fonts", family, file),
        join(folder, basename(file)),
      ),
    ),
  );
}

// An editor's megabytes take the best quality ten times as long, for two hundredths of their size.
function quality(bytes) {
  return bytes.length > 500_000 ? 9 : 11;
}

async function compressed(path) {
  const bytes = await readFile(path);
  const gz = await promisify(gzip)(bytes, { level: 9 });
  const br = await promisify(brotliCompress)(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality(bytes) },
  });
  await Promise.all([writeFile(`${path}.gz`, gz), writeFile(`${path}.br`, br)]);
  return { bytes: bytes.length, gzip: gz.length, brotli: br.length };
}

async function record(path) {
  const file = relative(draft, path);
  if (file.endsWith(".woff2")) return { file, bytes: (await readFile(path)).length };
  return { file, ...(await compressed(path)) };
}

function publicName(path, output) {
  // A style sheet's entry is .scss, its output .css: pages ask for what they get.
  const name = basename(output.entryPoint ?? path).replace(/\.scss$/, ".css");
  return output.entryPoint ? name : name.replace(/-[0-9A-Z]{8}(?=\.woff2$)/, "");
}

async function manifest(outputs) {
  const rows = await Promise.all(
    Object.entries(outputs).map(async ([path, output]) => [
      publicName(path, output),
      await record(join(root, path)),
    ]),
  );
  const sorted = Object.fromEntries(rows.sort(([one], [other]) => (one < other ? -1 : 1)));
  await writeFile(join(draft, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
  return sorted;
}

function print(rows) {
  for (const [name, { bytes, brotli }] of Object.entries(rows)) {
    const wire = brotli === undefined ? "" : ` (${(brotli / 1000).toFixed(1)} kB on the wire)`;
    process.stdout.write(`${name.padEnd(44)}${(bytes / 1000).toFixed(1).padStart(8)} kB${wire}\n`);
  }
}

async function main() {
  try {
    const outputs = await bundle();
    await copyTypefaces();
    const rows = await manifest(outputs);
    // A running server keeps its old files until the new ones are complete.
    await rm(target, { recursive: true, force: true });
    await rename(draft, target);
    print(rows);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();
