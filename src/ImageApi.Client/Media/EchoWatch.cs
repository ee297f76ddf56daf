namespace ImageApi.Client.Media;

/// <summary>Knows, while an answer goes by, whether a place lies inside what the server repeats of the request.</summary>
internal struct EchoWatch()
{
    private const int Nowhere = -1;
    private int _depth;
    private int _echoDepth = Nowhere;
    private bool _nameIsEcho;

    /// <summary>Gets a value indicating whether what comes next belongs to an echo.</summary>
    public bool IsInside => _nameIsEcho || _echoDepth != Nowhere;

    /// <summary>Takes a text that ended: a name or a value.</summary>
    public void Word(ReadOnlySpan<byte> word) => _nameIsEcho = word.SequenceEqual("input"u8) || word.SequenceEqual("reference_images"u8);

    /// <summary>Takes what stands between two texts, in pieces of any size.</summary>
    public void Structure(ReadOnlySpan<byte> between)
    {
        foreach (var character in between)
        {
            switch (character)
            {
                case (byte)'{' or (byte)'[':
                    if (_nameIsEcho && _echoDepth == Nowhere)
                    {
                        _echoDepth = _depth;
                    }

                    _depth++;
                    _nameIsEcho = false;
                    break;
                case (byte)'}' or (byte)']':
                    _depth--;
                    _echoDepth = _depth <= _echoDepth ? Nowhere : _echoDepth;
                    _nameIsEcho = false;
                    break;
                case (byte)',':
                    _nameIsEcho = false;
                    break;
            }
        }
    }
}
