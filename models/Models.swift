// The models of this folder are in `EmbeddedModels`, by their names.
