/** The media type of a card. */
export const MIME_TYPE = 'application/vnd.mlrun-nb.run+json';
