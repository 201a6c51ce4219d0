/** The colours of the page: those of the system, or the ones that were chosen in the page. */
export type Theme = "system" | "light" | "dark";

const storageKey = "restate-connect.theme";
const themes: readonly Theme[] = ["system", "light", "dark"];

/** The chosen theme. */
export function currentTheme(): Theme {
  const stored = window.localStorage.getItem(storageKey);
  return themes.find((theme) => theme === stored) ?? "system";
}

/** Shows the page in the chosen theme. */
export function applyTheme(theme: Theme = currentTheme()): void {
  document.documentElement.style.colorScheme = theme === "system" ? "light dark" : theme;
  document.documentElement.dataset.theme = theme;
  window.dispatchEvent(new Event("themechange"));
}

/** Chooses the theme after this one. */
export function nextTheme(theme: Theme): Theme {
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
  window.localStorage.setItem(storageKey, next);
  applyTheme(next);
  return next;
}
