// Reads Parquet files with the engines that analysts use and prints what they see, so that a Go test can compare.
//
//   node engines.mjs ENGINES duckdb|polars WHERE FILE...
//
// ENGINES is the folder whose node_modules hold the engines. One line of JSON per row comes out, in the order of the files
// and rows: timestamps as microseconds since 1970, the rest as it is. WHERE is a condition in SQL, for duckdb alone, to
// see that statistics and dictionaries hide no row.
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [engines, engine, where, ...files] = process.argv.slice(2);
const require = createRequire(resolve(engines, "engines.cjs"));
const print = (row) => process.stdout.write(JSON.stringify(row, (_, v) => (typeof v === "bigint" ? Number(v) : v)) + "\n");
await { duckdb, polars }[engine]();

async function duckdb() {
  const { DuckDBInstance } = require("@duckdb/node-api");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const from = `FROM read_parquet([${files.map((f) => `'${f.replaceAll("'", "''")}'`)}], hive_partitioning = false)`;
  const columns = await connection.runAndReadAll(`DESCRIBE SELECT * ${from}`);
  const times = columns.getRows().filter(([, type]) => type.startsWith("TIMESTAMP")).map(([name]) => name);
  const replace = times.map((name) => `epoch_us("${name}") AS "${name}"`);
  const rows = await connection.runAndReadAll(`SELECT * REPLACE (${replace}) ${from} WHERE ${where}`);
  for (const row of rows.getRowObjectsJson()) {
    for (const name of times) row[name] &&= Number(row[name]); // it writes integers of 64 bits as strings
    print(row);
  }
}

async function polars() {
  const pl = require("nodejs-polars");
  for (const file of files) {
    const frame = pl.readParquet(file);
    const times = frame.columns.filter((name) => String(frame.getColumn(name).dtype).includes("Datetime"));
    frame.withColumns(...times.map((name) => pl.col(name).cast(pl.Int64))).toRecords().forEach(print);
  }
}
