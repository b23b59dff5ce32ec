import Envs

/// The program's version, as `nres --version` and `config.json` say it.
package let programVersion = "0.1.0"
/// The version of MuJoCo, as `config.json` says it whatever the application.
let mujocoVersion = MuJoCo.version
