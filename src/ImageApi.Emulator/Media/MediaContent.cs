namespace ImageApi.Emulator.Media;

/// <summary>A finished result: its bytes and their hash.</summary>
internal sealed record MediaContent(ReadOnlyMemory<byte> Bytes, string Hash);
