// The page's only script: a plain module that imports the package as it was built, without a bundler.
import * as crmlink from "/crmlink/index.js";

globalThis.crmlink = crmlink;
