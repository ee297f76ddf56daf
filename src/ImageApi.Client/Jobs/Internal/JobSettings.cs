using ImageApi.Client.Media.References;

namespace ImageApi.Client.Jobs.Internal;

/// <summary>What the room needs to know of the options.</summary>
internal sealed record JobSettings(TimeSpan SubmitTimeout, TimeSpan QueryTimeout, JobParserContext Parsing, ReferenceImageUploader? Uploads);
