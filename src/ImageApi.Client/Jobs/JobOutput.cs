namespace ImageApi.Client;

/// <summary>What a job has generated.</summary>
public sealed record JobOutput
{
    /// <summary>Gets the pictures.</summary>
    public IReadOnlyList<GeneratedMedia> Images { get; init => field = value ?? []; } = [];

    /// <summary>Gets the videos.</summary>
    public IReadOnlyList<GeneratedMedia> Videos { get; init => field = value ?? []; } = [];

    /// <summary>Gets the sounds.</summary>
    public IReadOnlyList<GeneratedMedia> Audio { get; init => field = value ?? []; } = [];

    /// <summary>Gets everything in one sequence: pictures, videos, sounds.</summary>
    public IEnumerable<GeneratedMedia> All
    {
        get
        {
            foreach (var image in Images)
            {
                yield return image;
            }

            foreach (var video in Videos)
            {
                yield return video;
            }

            foreach (var audio in Audio)
            {
                yield return audio;
            }
        }
    }

    /// <summary>Describes the output without links and bytes.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"JobOutput {Images.Count} images, {Videos.Count} videos, {Audio.Count} audios";
}
