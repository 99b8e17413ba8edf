"""The questionnaire as data, without a database: read, asked, checked, compared, carried as XLSForm.

``model``: what a questionnaire is. ``reading``: from a mapping or YAML, with everything wrong told by its
place. ``answers``: which questions apply, and whether the answers can be. ``versions``: what two versions
have in common. ``xlsform``: rows of a spreadsheet, both ways. In prose: ``docs/algorithms/questionnaire.md``.
"""
