/** Text of at most so many characters; what was cut shows. Never cuts a character in half. */
export function clip(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const end = maxCharacters - 1;
  const half = text.charCodeAt(end - 1);
  const isPair = half >= 0xd800 && half < 0xdc00;
  return `${text.slice(0, isPair ? end - 1 : end)}…`;
}
