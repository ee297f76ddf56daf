using ImageApi.Client.Media;

namespace ImageApi.Client.Jobs;

/// <summary>What the room needs to know of the options.</summary>
internal sealed record JobSettings(TimeSpan SubmitTimeout, TimeSpan QueryTimeout, JobReadContext Reading, ReferenceUploads? Uploads);
