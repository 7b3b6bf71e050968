// Starts the page: index.html holds <apm-app>, this defines it and everything it uses.
import './shell/app.js';
