// node validate.mjs FILE SCHEMA: is it SPDX 3.0.1? By the schema of SPDX, and by its references: each is
// to an element of the document, or to a term of SPDX. Started by check.sh.
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const [file, schema] = process.argv.slice(2);
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf-8")));
const document = JSON.parse(readFileSync(file, "utf-8"));
if (!validate(document)) {
  console.error(validate.errors.slice(0, 10));
  process.exit(1);
}

const known = new Set(document["@graph"].map((element) => element.spdxId ?? element["@id"]));
const kinds = {};
for (const element of document["@graph"]) {
  kinds[element.type] = (kinds[element.type] ?? 0) + 1;
  const named = [element.creationInfo, element.from, element.suppliedBy, element.to, element.element, element.rootElement].flat();
  for (const one of named)
    if (one !== undefined && !known.has(one) && !one.startsWith("https://spdx.org/rdf/3.0.1/terms/")) {
      console.error(`${element.spdxId} names ${one}, which is not in the document`);
      process.exit(1);
    }
}
console.log("SPDX 3.0.1, valid:", Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`).join(", "));
