namespace ImageApi.Client.Tests.Support;

/// <summary>Files of every kind, as small as they can be.</summary>
internal static class SampleFiles
{
    public static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    /// <summary>A PNG of any length: bytes without meaning before its end.</summary>
    public static byte[] PngOf(int length, byte fill = 7)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, fill);
        Png.AsSpan(0, 33).CopyTo(bytes);
        Png.AsSpan(Png.Length - 12).CopyTo(bytes.AsSpan(length - 12));
        return bytes;
    }
}
