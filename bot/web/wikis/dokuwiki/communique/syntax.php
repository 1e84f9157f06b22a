<?php

/**
 * The syntax `{{communique>inline}}`: a chat in its place in the page (`inline`), a floating button (`floating`), or
 * the whole chat page in a frame (`frame`); `&` and `name=value` add to it: `{{communique>frame&lang=fr&height=700}}`.
 *
 * Nothing of what an editor writes reaches the page but values from lists, numbers and escaped text, and the
 * server is always the one of the wiki's configuration.
 */
class syntax_plugin_communique extends DokuWiki_Syntax_Plugin
{
    protected const VIEWS = ['inline', 'floating', 'frame'];
    protected const LANGUAGES = ['en', 'fr'];
    protected const THEMES = ['light', 'dark'];
    protected const HEIGHT = 600;

    /** @inheritdoc */
    public function getType()
    {
        return 'substition';
    }

    /** @inheritdoc */
    public function getPType()
    {
        return 'block';
    }

    /** @inheritdoc */
    public function getSort()
    {
        return 155; // before media, which begins with the same braces
    }

    /** @inheritdoc */
    public function connectTo($mode)
    {
        $this->Lexer->addSpecialPattern('\{\{communique>[^}\n]*\}\}', $mode, 'plugin_communique');
    }

    /** @inheritdoc */
    public function handle($match, $state, $pos, Doku_Handler $handler)
    {
        $parts = explode('&', substr($match, strlen('{{communique>'), -2));
        $asked = [];
        foreach (array_slice($parts, 1) as $part) {
            [$name, $value] = array_pad(explode('=', $part, 2), 2, '');
            $asked[trim($name)] = trim($value);
        }
        $height = (int)($asked['height'] ?? 0);
        return [
            'view' => $this->oneOf(self::VIEWS, trim($parts[0])) ?? 'inline',
            'lang' => $this->oneOf(self::LANGUAGES, $asked['lang'] ?? null),
            'theme' => $this->oneOf(self::THEMES, $asked['theme'] ?? null),
            'title' => $asked['title'] ?? null,
            'questions' => $asked['questions'] ?? null,
            'height' => $height >= 200 && $height <= 2000 ? $height : self::HEIGHT,
        ];
    }

    /** @inheritdoc */
    public function render($mode, Doku_Renderer $renderer, $data)
    {
        if ($mode !== 'xhtml') {
            return false;
        }
        global $ID;
        $server = rtrim($this->getConf('server'), '/');
        if (!preg_match('~^https?://[^\s"\'<>]+$~', $server)) {
            $renderer->doc .= '<strong class="error">' . hsc($this->getLang('no_server')) . '</strong>';
        } elseif ($data['view'] === 'frame') {
            $renderer->doc .= $this->element('iframe', [
                'src' => "$server/?" . http_build_query(['embed' => 'true', 'lang' => $data['lang']], '', '&'),
                'title' => $this->getLang('title'),
                'width' => '100%',
                'height' => $data['height'],
                'style' => 'border: 1px solid #d5dde6; border-radius: 8px',
                'loading' => 'lazy',
                'allow' => 'clipboard-write',
                'referrerpolicy' => 'origin',
            ]);
        } else {
            $renderer->doc .= $this->element('communique-chat', [
                'server' => $server,
                'mode' => $data['view'],
                'lang' => $data['lang'],
                'theme' => $data['theme'],
                'title-text' => $data['title'],
                'questions' => $data['questions'],
                'height' => $data['view'] === 'inline' ? "{$data['height']}px" : null,
                'copy' => 'dokuwiki',
                'token-url' => $this->getConf('key') === '' ? null
                    : DOKU_BASE . 'lib/exe/ajax.php?call=communique&page=' . rawurlencode($ID),
            ]);
            $renderer->doc .= $this->element('script', [
                'src' => "$server/widget.js", 'data-mode' => 'none', 'async' => 'async',
            ]);
        }
        return true;
    }

    private function oneOf(array $known, ?string $value): ?string
    {
        return in_array($value, $known, true) ? $value : null;
    }

    /** An element without content; attributes without a value are left out. */
    private function element(string $name, array $attributes): string
    {
        $given = array_filter($attributes, fn ($value) => $value !== null);
        return "<$name " . buildAttributes($given) . "></$name>";
    }
}
