// Starts everything on the chat page. Each module has one purpose and finds its own elements.
import "./timeline.js";
import "./requests.js";
import "./composer.js";
import "./completion.js";
import "./recall.js";
import "./starting-image.js";
import "./live.js";
import "./lightbox.js";
import "./compare.js";
import "./copy.js";
import "./pictures.js";
import "./dialogs.js";
import "./menus.js";
import "./times.js";
