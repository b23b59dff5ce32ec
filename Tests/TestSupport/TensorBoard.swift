/// What TensorBoard reads of a run beside its scalars.
public struct TensorBoard: Decodable, Sendable {
  /// Types of the hparams plugin's columns, by name.
  public let columns: [String: String]
  /// Tags of its metrics.
  public let metrics: [String]
  /// The run's row: field and value, `number_value 0.3`.
  public let row: [String: String]
  /// Texts and their steps, by tag.
  public let texts: [String: [String]]
  /// Bytes of the second record, and the tags in it.
  public let bytes: Int
  public let described: [String]

  /// Reads the one event file in `folder`.
  public init(folder: String) throws {
    self = try Python.run(
      """
      import glob, json, struct, sys
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      from tensorboard.compat.proto import event_pb2
      from tensorboard.plugins.hparams import api_pb2, metadata
      from tensorboard.util import tensor_util
      [path] = glob.glob(sys.argv[1] + "/events.out.tfevents.*")
      data = open(path, "rb").read()
      data = data[struct.unpack("<Q", data[:8])[0] + 16:]
      length = struct.unpack("<Q", data[:8])[0]
      second = event_pb2.Event.FromString(data[12:12 + length])
      events = EventAccumulator(path, size_guidance={"tensors": 0})
      events.Reload()
      def content(tag):
          return events.SummaryMetadata(tag).plugin_data.content
      experiment = metadata.parse_experiment_plugin_data(content(metadata.EXPERIMENT_TAG))
      start = metadata.parse_session_start_info_plugin_data(content(metadata.SESSION_START_INFO_TAG))
      def value(value):
          kind = value.WhichOneof("kind")
          return f"{kind} {getattr(value, kind)}"
      print(json.dumps({
          "columns": {i.name: api_pb2.DataType.Name(i.type) for i in experiment.hparam_infos},
          "metrics": [i.name.tag for i in experiment.metric_infos],
          "row": {name: value(start.hparams[name]) for name in start.hparams},
          "texts": {tag: [f"{e.step} {tensor_util.make_ndarray(e.tensor_proto).item().decode()}"
                          for e in events.Tensors(tag)]
                    for tag in events.PluginTagToContent("text")},
          "bytes": length, "described": [v.tag for v in second.summary.value]}))
      """, folder)
  }
}
