// Behaviours of the pages; each binds to data attributes, and every page works without them.
import "./choose-all.js";
import "./copy.js";
import "./draft.js";
import "./error-summary.js";
import "./filters.js";
import "./format.js";
import "./idle.js";
import "./menu.js";
import "./once.js";
import "./print.js";
import "./retype.js";
import "./rows.js";
import "./sign-in.js";
import "./visit.js";
