<?php

/**
 * `lib/exe/ajax.php?call=communique`: an embed token for whoever may read the page, made with the configured key.
 */
class action_plugin_communique extends DokuWiki_Action_Plugin
{
    /** @inheritdoc */
    public function register(Doku_Event_Handler $controller)
    {
        $controller->register_hook('AJAX_CALL_UNKNOWN', 'BEFORE', $this, 'answer');
    }

    /** Answers with a token as JSON, or with an error. */
    public function answer(Doku_Event $event): void
    {
        if ($event->data !== 'communique') {
            return;
        }
        $event->preventDefault();
        $event->stopPropagation();
        global $INPUT;
        $key = $this->getConf('key');
        $mayRead = auth_quickaclcheck(cleanID($INPUT->str('page'))) >= AUTH_READ;
        if ($INPUT->server->str('REQUEST_METHOD') !== 'POST' || $key === '' || !$mayRead) {
            http_status(403);
            return;
        }
        $token = $this->token($key);
        if ($token === null) {
            http_status(502);
            return;
        }
        header('Content-Type: application/json');
        header('Cache-Control: no-store');
        echo json_encode(['token' => $token]);
    }

    private function token(string $key): ?string
    {
        $http = new \dokuwiki\HTTP\DokuHTTPClient();
        $http->timeout = 10;
        $http->headers['Authorization'] = "Bearer $key";
        $http->headers['Content-Type'] = 'application/json';
        $body = json_encode([
            'origin' => $this->origin(),
            'questions' => (int)$this->getConf('questions'),
            'visitor' => $this->visitor($key),
        ]);
        // It knows 200 alone as success, where the server answers 201 for what it made.
        $http->sendRequest(rtrim($this->getConf('server'), '/') . '/api/v1/tokens', $body, 'POST');
        $token = (int)$http->status === 201 ? (json_decode($http->resp_body, true)['token'] ?? null) : null;
        if (!is_string($token)) {
            dbglog("communique made no token: status {$http->status}");
            return null;
        }
        return $token;
    }

    /** A person who is logged in, or else this browser; the chat server learns neither name. */
    private function visitor(string $key): string
    {
        global $INPUT;
        $user = $INPUT->server->str('REMOTE_USER');
        $who = $user !== '' ? "user $user" : 'browser ' . $INPUT->post->str('visitor');
        return hash_hmac('sha256', $who, $key);
    }

    /** Of this wiki's pages. */
    private function origin(): string
    {
        $parts = parse_url(DOKU_URL);
        return "{$parts['scheme']}://{$parts['host']}" . (isset($parts['port']) ? ":{$parts['port']}" : '');
    }
}
