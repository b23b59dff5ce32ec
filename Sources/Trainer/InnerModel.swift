import Datasets
import Settings
import Tasks

/// The networks that a learned optimizer can train.
package enum InnerModel: String, CaseIterable, Sendable, SettingValue {
  /// A multilayer perceptron.
  case mlp
  /// Convolutions that are pooled.
  case cnn

  /// What it is, in a line.
  package var summary: String {
    switch self {
    case .mlp: "multilayer perceptron, its sizes by --lopt-hidden-dims 32,32,32"
    case .cnn: "3x3 convolutions, each pooled, their channels by --lopt-hidden-channels 32,32"
    }
  }

  /// What makes the network for images. Settings are checked at once, those of other models ignored: a
  /// preset may have the sizes of several.
  ///
  /// - Throws: `SettingsError`; what is returned does so too, for sizes that do not go with the images.
  func maker(
    _ settings: LearnedOptimizerSettings
  ) throws(SettingsError) -> (ImageDataset) throws -> InnerNetwork {
    let activation = settings.activation
    switch self {
    case .mlp:
      let sizes = settings.hiddenUnits.values
      return {
        .perceptron(
          hiddenSizes: sizes, activation: activation, shape: $0.shape, classCount: $0.classCount)
      }
    case .cnn:
      let flag = "lopt-hidden-channels"
      let channels = try required(settings.hiddenChannels, flag, example: "32,32").values
      return {
        do throws(InnerNetworkError) {
          return try .convolutional(
            channels: channels, activation: activation, shape: $0.shape, classCount: $0.classCount)
        } catch {
          throw SettingsError(
            "--\(flag) has \(error.poolings) layers, but images of \(error.shape) cannot "
              + "be halved \(error.poolings) times: choose fewer, or a larger --image-length")
        }
      }
    }
  }
}
