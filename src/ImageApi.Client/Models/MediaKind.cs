namespace ImageApi.Client;

/// <summary>What a generated medium is.</summary>
public enum MediaKind
{
    /// <summary>A picture.</summary>
    Image = 0,

    /// <summary>A video.</summary>
    Video = 1,

    /// <summary>Sound.</summary>
    Audio = 2,
}
