/// The program's version, as `nres --version` and `config.json` say it.
public let programVersion = "0.1.0"
