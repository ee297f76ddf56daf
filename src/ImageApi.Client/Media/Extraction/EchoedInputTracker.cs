namespace ImageApi.Client.Media.Extraction;

/// <summary>Knows, while an answer goes by, whether a place lies inside what the server repeats of the request.</summary>
internal struct EchoedInputTracker()
{
    private const int NotInEcho = -1;
    private int _depth;
    private int _echoDepth = NotInEcho;
    private bool _nameIsEcho;

    /// <summary>Gets a value indicating whether what comes next belongs to an echo.</summary>
    public bool IsInsideEcho => _nameIsEcho || _echoDepth != NotInEcho;

    /// <summary>Takes a text that ended: a name or a value.</summary>
    public void OnString(ReadOnlySpan<byte> text) => _nameIsEcho = text.SequenceEqual("input"u8) || text.SequenceEqual("reference_images"u8);

    /// <summary>Takes what stands between two texts, in pieces of any size.</summary>
    public void OnStructure(ReadOnlySpan<byte> json)
    {
        foreach (var character in json)
        {
            switch (character)
            {
                case (byte)'{' or (byte)'[':
                    if (_nameIsEcho && _echoDepth == NotInEcho)
                    {
                        _echoDepth = _depth;
                    }

                    _depth++;
                    _nameIsEcho = false;
                    break;
                case (byte)'}' or (byte)']':
                    _depth--;
                    _echoDepth = _depth <= _echoDepth ? NotInEcho : _echoDepth;
                    _nameIsEcho = false;
                    break;
                case (byte)',':
                    _nameIsEcho = false;
                    break;
            }
        }
    }
}
