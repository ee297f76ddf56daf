using ImageApi.Client.Media.References;

namespace ImageApi.Client.Jobs.Internal;

/// <summary>The options that concern jobs.</summary>
internal sealed record JobSettings(
    TimeSpan SubmitTimeout, TimeSpan QueryTimeout, JobWaitSettings Wait, JobParserContext Parsing, ReferenceImageUploader? Uploads);
