namespace ImageApi.Client.Buffers;

/// <summary>Undoes the escapes of a JSON text, byte by byte, for texts that are ASCII.</summary>
internal struct JsonEscapeDecoder()
{
    private const int HexDigits = 4;
    private int _digitsLeft = -1;
    private int _code;

    /// <summary>Gets a value indicating whether the next bytes belong to an escape.</summary>
    public bool IsOpen { get; private set; }

    public void Open()
    {
        IsOpen = true;
        _digitsLeft = -1;
    }

    /// <summary>Takes one byte after a backslash.</summary>
    /// <returns>
    /// True when <paramref name="character"/> is what the escape stood for; false when it goes on, or when it is closed because it
    /// stands for nothing that is ASCII.
    /// </returns>
    public bool Feed(byte next, out byte character)
    {
        if (_digitsLeft < 0 && next == (byte)'u')
        {
            _digitsLeft = HexDigits;
            _code = 0;
            character = 0;
            return false;
        }

        if (_digitsLeft < 0)
        {
            character = Simple(next);
            IsOpen = false;
            return character != 0;
        }

        var digit = Hex(next);
        _code = (_code << 4) | digit;
        _digitsLeft--;
        character = (byte)_code;
        IsOpen = _digitsLeft > 0 && digit >= 0;
        return !IsOpen && _code is >= 0 and < 0x80;
    }

    private static byte Simple(byte next) => next switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'/' => (byte)'/',
        _ => 0,
    };

    private static int Hex(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
