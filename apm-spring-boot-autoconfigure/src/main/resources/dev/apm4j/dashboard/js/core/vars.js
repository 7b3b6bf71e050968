// Sets CSS custom properties on an element: <i ${vars({ '--from': '12%' })}></i>.
// The page's Content-Security-Policy forbids style attributes, which is what Lit's styleMap writes first.
import { noChange } from 'lit';
import { Directive, directive, PartType } from 'lit/directive.js';

class VarsDirective extends Directive {

	#last = {};

	constructor(part) {
		super(part);
		if (part.type !== PartType.ELEMENT) {
			throw new Error('vars() belongs on an element: <i ${vars({...})}>');
		}
	}

	render() {
		return noChange;
	}

	update(part, [values]) {
		for (const [name, value] of Object.entries(values)) {
			if (this.#last[name] !== value) {
				part.element.style.setProperty(name, value);
			}
		}
		this.#last = values;
		return noChange;
	}

}

export const vars = directive(VarsDirective);
