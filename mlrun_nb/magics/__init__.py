"""
The notebook's entry: `%%mlrun` and `%mlrun` in IPython.

Here belong the registration of magics, completion, what is read from the live kernel (history, values,
namespace) and what is written back into it (bound outputs, the card). Not here: the rules of capture
(notebook), verbs and rendering (commands).

In doubt: does it need a running IPython? If not, it belongs below.
"""
