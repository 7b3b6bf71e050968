// Light, dark or the system's choice, kept in this browser only.

const KEY = 'apm4j.theme';

/** The choices in the order the toggle goes through them. */
export const THEMES = ['system', 'light', 'dark'];

/** @returns {string} the visitor's choice, one of THEMES */
export function theme() {
	try {
		const stored = localStorage.getItem(KEY);
		return THEMES.includes(stored) ? stored : 'system';
	}
	catch {
		// Storage can be switched off altogether; the page must still come up.
		return 'system';
	}
}

/** @param {string} choice one of THEMES */
export function chooseTheme(choice) {
	try {
		localStorage.setItem(KEY, choice);
	}
	catch {
		// Then the choice lasts until the page is left.
	}
	apply(choice);
}

function apply(choice) {
	if (choice === 'system') {
		delete document.documentElement.dataset.theme;
	}
	else {
		document.documentElement.dataset.theme = choice;
	}
}

apply(theme());
