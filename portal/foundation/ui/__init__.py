"""Design system: form renderer, components, plain-language check."""
