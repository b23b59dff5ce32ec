import Foundation
import SwiftProtobuf

/// What TensorBoard shows of a run beside its scalars: a row of the hparams plugin's table and a text.
///
/// TensorBoard takes the table's columns from any one of the runs that it shows: each names all
/// hyperparameters that its kind of run can have.
struct HyperparameterSummary {
  let hyperparameters: [Hyperparameter]
  /// The tag of the scalar that runs are judged by.
  let metric: String
  /// The text's tag, and the text, in Markdown.
  let text: (tag: String, markdown: String)

  /// The values of the event.
  func values() throws -> [Nres_Records_Summary.Value] {
    [
      try hparams("experiment", .with { $0.experiment = experiment }),
      try hparams("session_start_info", .with { $0.sessionStartInfo.hparams = row }),
      .with {
        $0.tag = text.tag
        $0.metadata.pluginData.pluginName = "text"
        $0.tensor.dtype = .string
        $0.tensor.stringVal = [Data(text.markdown.utf8)]
      },
    ]
  }

  private var experiment: Nres_Records_Experiment {
    .with {
      $0.hparamInfos = hyperparameters.map { hyperparameter in
        .with {
          $0.name = hyperparameter.name
          $0.type =
            switch hyperparameter.value {
            case .number: .float64
            case .truth: .bool
            case .text: .string
            }
        }
      }
      $0.metricInfos = [.with { $0.name.tag = metric }]
    }
  }

  private var row: [String: Google_Protobuf_Value] {
    var row: [String: Google_Protobuf_Value] = [:]
    for hyperparameter in hyperparameters {
      row[hyperparameter.name] =
        switch hyperparameter.value {
        case .number(let number): number.map { Google_Protobuf_Value(numberValue: $0) }
        case .truth(let truth): truth.map { Google_Protobuf_Value(boolValue: $0) }
        case .text(let text): text.map { Google_Protobuf_Value(stringValue: $0) }
        }
    }
    return row
  }

  /// The plugin reads what is beside a tag; there is no value.
  private func hparams(
    _ name: String, _ data: Nres_Records_HParamsPluginData
  ) throws -> Nres_Records_Summary.Value {
    var ordered = BinaryEncodingOptions()
    ordered.useDeterministicOrdering = true
    let content: Data = try data.serializedBytes(options: ordered)
    return .with {
      $0.tag = "_hparams_/\(name)"
      $0.metadata.pluginData.pluginName = "hparams"
      $0.metadata.pluginData.content = content
    }
  }
}
