// Finding spans by what is written in them.

/** Looks through names, services, ids, attributes, events and errors of a trace, regardless of case. */
export class SpanSearch {

	#tree;

	#texts = null;

	/** @param {import('./span-tree.js').SpanTree} tree */
	constructor(tree) {
		this.#tree = tree;
	}

	/** @param {string} words @returns {import('./span-tree.js').Node[]} in the order of the tree; none for no words */
	find(words) {
		const wanted = words.trim().toLowerCase();
		if (wanted === '') {
			return [];
		}
		// Built at the first search: most visits never search.
		this.#texts ??= this.#tree.nodes.map((node) => textOf(node.span));
		return this.#tree.nodes.filter((_, i) => this.#texts[i].includes(wanted));
	}

}

function textOf(span) {
	const parts = [span.name, span.kind, span.service, span.id, span.error?.type, span.error?.message];
	for (const [key, value] of Object.entries(span.attributes ?? {})) {
		parts.push(`${key}=${value}`);
	}
	for (const event of span.events ?? []) {
		parts.push(event?.name);
	}
	return parts.join('\n').toLowerCase();
}
