namespace ImageApi.Emulator.Generations;

/// <summary>A reference image: a small copy of what was sent, or only the host of a link that the emulator does not follow.</summary>
internal sealed record ReferenceImage(string Label, ReadOnlyMemory<byte> Thumbnail, bool IsMask);
