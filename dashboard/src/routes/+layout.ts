// A static single-page application: every page is rendered in the browser.
export const ssr = false;
export const prerender = false;
