import "../autosave.js";
import "../editor.js";
