print("nres")
