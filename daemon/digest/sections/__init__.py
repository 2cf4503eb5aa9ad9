"""The digest's sections, one file each: ``ORDER``, ``HOW`` (how its figures are counted), ``ask`` and ``word``."""
