// The spans of a trace as a tree. Spans come from several processes and over the network, so nothing is taken for granted:
// parents may be missing, be the span itself or form a ring, ids may repeat, clocks may disagree. No recursion: a trace may
// be as deep as it has spans.

import { plain } from '../core/format.js';

/** From so many alike siblings on, one row stands for all. */
const GROUP_FROM = 5;

/**
 * @typedef {object} Node
 * @property {string} key the span's id, made unique
 * @property {import('../core/api.js').Span} span
 * @property {string} name
 * @property {Category} category
 * @property {number} start µs since the start of the trace
 * @property {number} duration µs, never negative
 * @property {number} end µs since the start of the trace
 * @property {Node|null} parent
 * @property {Node[]} children by start
 * @property {Entry[]} entries the children with alike ones grouped
 * @property {Group|null} group the group this node is a member of
 * @property {number} index position in the fully unfolded tree
 * @property {number} below number of spans below
 * @property {number} errors failed spans below, and itself
 *
 * @typedef {object} Group
 * @property {string} key
 * @property {string} name
 * @property {Category} category
 * @property {Node[]} members
 * @property {Node|null} parent
 * @property {number} errors failed spans in it
 *
 * @typedef {{node: Node, group?: undefined}|{group: Group, node?: undefined}} Entry
 * @typedef {'server'|'client'|'db'|'messaging'|'local'} Category
 *
 * @typedef {object} Row
 * @property {string} key
 * @property {number} level 1 for a root
 * @property {Node} [node]
 * @property {Group} [group]
 * @property {boolean} expandable
 * @property {boolean} expanded
 */

export class SpanTree {

	/** @type {Node[]} in the order of the fully unfolded tree */
	nodes = [];

	/** @type {Node[]} */
	roots;

	/** @type {Entry[]} */
	entries;

	/** Epoch µs that offsets count from. */
	start;

	/** µs from the first start to the last end. */
	duration;

	/** @type {string[]} in order of appearance */
	services;

	/** @type {Category[]} */
	categories;

	#byKey = new Map();

	/** @type {Map<string, Group>} */
	#groups = new Map();

	/** @param {import('../core/api.js').Span[]} spans */
	constructor(spans) {
		const known = spans.filter((span) => span !== null && typeof span === 'object');
		this.start = known.reduce((min, span) => Math.min(min, number(span.start, Infinity)), Infinity);
		if (this.start === Infinity) {
			this.start = 0;
		}
		const nodes = known.map((span) => this.#node(span));
		this.duration = nodes.reduce((max, node) => Math.max(max, node.end), 0);
		this.services = [...new Set(nodes.map((node) => node.span.service).filter((service) => typeof service === 'string'))];
		this.categories = [...new Set(nodes.map((node) => node.category))];
		this.#connect(nodes);
		this.#order();
	}

	/** @param {string} key @returns {Node|undefined} */
	node(key) {
		return this.#byKey.get(key);
	}

	/** @param {string} key @returns {Group|undefined} */
	group(key) {
		return this.#groups.get(key);
	}

	/** Whether a span is named as its parent that isn't here. @param {Node} node */
	isCutOff(node) {
		return node.parent === null && Boolean(node.span.parentId) && !this.#byKey.has(node.span.parentId);
	}

	/**
	 * The rows to show.
	 * @param {Set<string>} folded keys of nodes whose children are hidden
	 * @param {{has(key: string): boolean}} opened keys of groups whose members are shown
	 * @returns {Row[]}
	 */
	rows(folded, opened) {
		const rows = [];
		const stack = [];
		push(stack, this.entries, 1);
		while (stack.length > 0) {
			const [entry, level] = stack.pop();
			const { node, group } = entry;
			const key = (node ?? group).key;
			const expandable = group !== undefined || node.entries.length > 0;
			const expanded = group !== undefined ? opened.has(key) : expandable && !folded.has(key);
			rows.push({ key, level, node, group, expandable, expanded });
			if (expanded) {
				push(stack, group?.members.map((member) => ({ node: member })) ?? node.entries, level + 1);
			}
		}
		return rows;
	}

	/** What has to be opened for a node to be seen. @param {Node} node */
	*wayTo(node) {
		for (let at = node; at !== null; at = at.parent) {
			if (at.group !== null) {
				yield { group: at.group };
			}
			if (at.parent !== null) {
				yield { node: at.parent };
			}
		}
	}

	#node(span) {
		let key = String(span.id ?? '');
		// A call that both sides report under one id (Zipkin's shared spans), or a faulty reporter.
		for (let i = 2; this.#byKey.has(key); i++) {
			key = `${span.id}#${i}`;
		}
		const start = number(span.start, this.start) - this.start;
		const duration = Math.max(0, number(span.duration, 0));
		const node = { key, span, name: plain(span.name) || '(no name)', category: categoryOf(span), start, duration,
			end: start + duration, parent: null, children: [], entries: [], group: null, index: 0, below: 0, errors: 0 };
		this.#byKey.set(key, node);
		return node;
	}

	#connect(nodes) {
		for (const node of nodes) {
			const parent = node.span.parentId ? this.#byKey.get(String(node.span.parentId)) : undefined;
			node.parent = parent === undefined || parent === node ? null : parent;
		}
		breakRings(nodes);
		this.roots = [];
		for (const node of nodes) {
			(node.parent?.children ?? this.roots).push(node);
		}
		this.roots.sort(byStart);
		this.entries = this.#group(this.roots, null);
		for (const node of nodes) {
			node.children.sort(byStart);
			node.entries = this.#group(node.children, node);
		}
	}

	#group(siblings, parent) {
		if (siblings.length < GROUP_FROM) {
			return siblings.map((node) => ({ node }));
		}
		const alike = groupBy(siblings, likeness);
		const entries = [];
		for (const members of alike.values()) {
			if (members.length < GROUP_FROM) {
				entries.push(...members.map((node) => ({ node })));
			}
			else {
				const [first] = members;
				// A node's key followed by an asterisk: short enough for the address.
				const group = { key: `${first.key}*`, name: first.name, category: first.category, members, parent, errors: 0 };
				for (const member of members) {
					member.group = group;
				}
				this.#groups.set(group.key, group);
				entries.push({ group });
			}
		}
		return entries.sort((a, b) => byStart(a.node ?? a.group.members[0], b.node ?? b.group.members[0]));
	}

	#order() {
		for (const { node } of this.rows(new Set(), this.#groups)) {
			if (node !== undefined) {
				node.index = this.nodes.push(node) - 1;
			}
		}
		for (let i = this.nodes.length - 1; i >= 0; i--) {
			const node = this.nodes[i];
			node.errors += node.span.error ? 1 : 0;
			if (node.group !== null) {
				node.group.errors += node.errors;
			}
			if (node.parent !== null) {
				node.parent.errors += node.errors;
				node.parent.below += node.below + 1;
			}
		}
	}

}

/** The time in a node that none of its children accounts for, in µs. @param {Node} node */
export function selfTime(node) {
	let covered = 0;
	let until = node.start;
	for (const child of node.children) {
		const from = Math.max(child.start, until);
		const to = Math.min(child.end, node.end);
		if (to > from) {
			covered += to - from;
			until = to;
		}
	}
	return node.duration - covered;
}

/** Whether a span lies outside its parent's time altogether: asynchronous work, or clocks that disagree. @param {Node} node */
export function isOutsideParent(node) {
	return node.parent !== null && (node.start > node.parent.end || node.end < node.parent.start);
}

/** @param {import('../core/api.js').Span} span @returns {Category} */
function categoryOf(span) {
	const attributes = span.attributes ?? {};
	if ('db.system.name' in attributes || 'db.system' in attributes || 'db.query.text' in attributes) {
		return 'db';
	}
	switch (span.kind) {
		case 'SERVER':
			return 'server';
		case 'CLIENT':
			return 'client';
		case 'PRODUCER':
		case 'CONSUMER':
			return 'messaging';
		default:
			return 'local';
	}
}

// A ring has no way in from a root. Cut at its first span, the rest hangs below that one.
function breakRings(nodes) {
	const done = new Set();
	for (const start of nodes) {
		const path = new Set();
		let node = start;
		while (node !== null && !done.has(node) && !path.has(node)) {
			path.add(node);
			node = node.parent;
		}
		if (node !== null && path.has(node)) {
			node.parent = null;
		}
		for (const each of path) {
			done.add(each);
		}
	}
}

// One by one: a spread call has a limit that the children of one span can exceed.
function push(stack, entries, level) {
	for (let i = entries.length - 1; i >= 0; i--) {
		stack.push([entries[i], level]);
	}
}

function likeness(node) {
	return `${node.category} ${node.span.kind} ${node.name}`;
}

function groupBy(items, keyOf) {
	const groups = new Map();
	for (const item of items) {
		const key = keyOf(item);
		const group = groups.get(key);
		if (group === undefined) {
			groups.set(key, [item]);
		}
		else {
			group.push(item);
		}
	}
	return groups;
}

function byStart(a, b) {
	return a.start - b.start || b.end - a.end;
}

function number(value, otherwise) {
	return Number.isFinite(value) ? value : otherwise;
}
