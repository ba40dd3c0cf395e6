/** A filter taken apart: all of its words must occur, in any case of letters. */
export function matcher(filter: string): (text: string) => boolean {
  const words = filter
    .toLowerCase()
    .split(' ')
    .filter((word) => word !== '');
  return (text) => {
    const low = text.toLowerCase();
    return words.every((word) => low.includes(word));
  };
}
