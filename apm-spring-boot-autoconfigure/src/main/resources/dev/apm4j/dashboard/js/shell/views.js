// The views of the page. A new one is a component, an import and an entry here.
import { html } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import '../traces/traces-page.js';
import '../trace/trace-page.js';
import '../endpoints/endpoints-page.js';
import '../sql/sql-page.js';
import '../usage/usage-page.js';

/**
 * @typedef {object} View
 * @property {string} segment the first part of the address
 * @property {string} label in the navigation
 * @property {(route: import('../core/router.js').Route) => string} title
 * @property {(route: import('../core/router.js').Route, status: import('../core/api.js').Status|undefined) => unknown} render
 */

/** @type {View[]} in the order of the navigation; the first one is where an empty address leads */
export const VIEWS = [
	{
		segment: 'traces',
		label: 'Traces',
		title: (route) => (route.segments.length > 1 ? `Trace ${route.segments[1].slice(0, 8)}` : 'Traces'),
		render: (route, status) => (route.segments.length > 1
			? keyed(route.segments[1], html`<apm-trace-page .traceId=${route.segments[1]} .params=${route.params}></apm-trace-page>`)
			: html`<apm-traces-page .params=${route.params} .status=${status}></apm-traces-page>`),
	},
	{
		segment: 'endpoints',
		label: 'Endpoints',
		title: () => 'Endpoints',
		render: (route) => html`<apm-endpoints-page .params=${route.params}></apm-endpoints-page>`,
	},
	{
		segment: 'sql',
		label: 'SQL',
		title: () => 'SQL',
		render: (route, status) => html`<apm-sql-page .params=${route.params} .status=${status}></apm-sql-page>`,
	},
	{
		segment: 'usage',
		label: 'Dead code',
		title: () => 'Dead code',
		render: (route) => html`<apm-usage-page .params=${route.params}></apm-usage-page>`,
	},
];

/** @returns {View|undefined} undefined when the address names none */
export function viewOf(route) {
	return route.segments.length === 0 ? VIEWS[0] : VIEWS.find((view) => view.segment === route.segments[0]);
}
