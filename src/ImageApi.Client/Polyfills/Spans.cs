#if NETSTANDARD2_0
namespace ImageApi.Client.Polyfills;

/// <summary>What spans of bytes lack there.</summary>
internal static class Spans
{
    extension(ReadOnlySpan<byte> text)
    {
        public ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> characters)
        {
            while (!text.IsEmpty && characters.IndexOf(text[0]) >= 0)
            {
                text = text.Slice(1);
            }

            return text;
        }

        public ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> characters)
        {
            while (!text.IsEmpty && characters.IndexOf(text[text.Length - 1]) >= 0)
            {
                text = text.Slice(0, text.Length - 1);
            }

            return text;
        }
    }

    extension(Span<byte> text)
    {
        public ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> characters) => ((ReadOnlySpan<byte>)text).TrimStart(characters);
    }
}
#endif
