<?php

$lang['server'] = 'Address of the chat server, as https://chat.example.org';
$lang['key'] = 'API key with the scope ask; empty where the server has no keys';
$lang['questions'] = 'Questions that one embed token is good for';
