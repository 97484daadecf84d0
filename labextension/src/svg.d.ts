// The builder gives an imported picture as its text.
declare module '*.svg' {
  const text: string;
  export default text;
}
