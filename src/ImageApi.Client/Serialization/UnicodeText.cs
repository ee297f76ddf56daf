namespace ImageApi.Client.Serialization;

/// <summary>Checks that a text can be written as Unicode.</summary>
internal static class UnicodeText
{
    /// <summary>Returns false when the text holds half of a surrogate pair, which the wire format would replace by another character.</summary>
    public static bool IsValid(string? text)
    {
        for (var i = 0; i < text?.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
    }
}
