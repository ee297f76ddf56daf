namespace ImageApi.Client;

/// <summary>A class of resolution, by about how many pixels the edges have.</summary>
public enum ImageResolution
{
    /// <summary>About 1 000 pixels an edge.</summary>
    OneK = 0,

    /// <summary>About 2 000 pixels an edge.</summary>
    TwoK = 1,

    /// <summary>About 3 000 to 4 000 pixels an edge.</summary>
    FourK = 2,
}
