"""The trained tagger: finds named models, methods, benchmarks and datasets that no list knows.

Data flows one way: `tokens` cuts texts, `reading` says what stands around each token, `wordforms`, `corpus` and
`matches` say what a word looks like, how the unlabelled abstracts use it and which names the vocabulary knows,
`features` makes weights' columns of all that, `chain` labels the tokens, `candidates` pools what one paper says of one
surface form, `network` judges it, and `model` puts the steps together. Only `train` and the modules it alone uses
(`gold`, `fitting`) learn anything.
"""
